import {
  to = devin_organization_acu_limit.payments
  identity = {
    org_id = "org-abc123def456"
  }
}
