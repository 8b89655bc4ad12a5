data "devin_connection_check" "this" {}

# A warning in every plan, and no failure, while something is missing.
check "devin_key" {
  assert {
    condition     = data.devin_connection_check.this.ok
    error_message = "Devin usage cannot be read: ${data.devin_connection_check.this.summary}"
  }
}

output "devin_key" {
  value = data.devin_connection_check.this.summary
}

output "devin_permissions" {
  value = data.devin_connection_check.this.permissions
}
