terraform import devin_organization_acu_limit.this 'org-abc123def456'
