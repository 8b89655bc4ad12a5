terraform import devin_user_billing_organization.jane 'okta|Acme|00u1'
