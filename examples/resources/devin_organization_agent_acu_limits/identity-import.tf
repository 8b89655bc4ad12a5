import {
  to = devin_organization_agent_acu_limits.payments
  identity = {
    org_id = "org-abc123def456"
  }
}
