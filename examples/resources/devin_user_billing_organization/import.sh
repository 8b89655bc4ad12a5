terraform import devin_user_billing_organization.this 'okta|Acme|00u1'
