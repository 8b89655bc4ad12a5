terraform import devin_user_acu_limit.jane 'okta|Acme|00u1'
