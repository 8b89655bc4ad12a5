variable "org_id" {
  type = string
}

# Only the cloud agent is capped. The limit of the local agents stays as it is.
resource "devin_organization_agent_acu_limits" "payments" {
  org_id                      = var.org_id
  cloud_agent_cycle_acu_limit = 90000
}
