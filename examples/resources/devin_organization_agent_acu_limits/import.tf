import {
  to = devin_organization_agent_acu_limits.payments
  id = "org-abc123def456"
}
