terraform import devin_user_acu_limit.this 'okta|Acme|00u1'
