# terraform apply -invoke=action.devin_connection_check.this runs the check alone.
action "devin_connection_check" "this" {
  config {
    required_permissions = ["ViewAccountMembership", "ViewAccountConsumption"]
  }
}

# The check also runs before this resource is created, and stops it where the key
# falls short.
resource "terraform_data" "import" {
  lifecycle {
    action_trigger {
      events  = [before_create]
      actions = [action.devin_connection_check.this]
    }
  }
}
