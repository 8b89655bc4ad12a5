data "devin_hypervisors" "all" {}

check "hypervisors" {
  assert {
    condition     = lookup(data.devin_hypervisors.all.by_status, "available", 0) > 0
    error_message = "No hypervisor is available for Devin sessions."
  }
}

output "mean_utilization" {
  value = data.devin_hypervisors.all.mean_utilization_percentage
}
