terraform import devin_organization_acu_limit.payments 'org-abc123def456'
