import {
  to = devin_organization_acu_limit.payments
  id = "org-abc123def456"
}
