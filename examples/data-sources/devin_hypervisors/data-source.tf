data "devin_hypervisors" "all" {}

check "hypervisors" {
  assert {
    condition     = lookup(data.devin_hypervisors.all.by_status, "available", 0) > 0
    error_message = "No hypervisor is available for Devin sessions."
  }
}

output "hypervisors_by_status" {
  value = data.devin_hypervisors.all.by_status
}

# In percent; null where no hypervisor runs.
output "mean_utilization" {
  value = provider::devin::round(data.devin_hypervisors.all.mean_utilization_percentage, 1)
}
