import {
  to = devin_organization_acu_limit.this
  identity = {
    org_id = "org-abc123def456"
  }
}
