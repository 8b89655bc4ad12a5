terraform import devin_organization_agent_acu_limits.this 'org-abc123def456'
