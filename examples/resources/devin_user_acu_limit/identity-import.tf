import {
  to = devin_user_acu_limit.this
  identity = {
    user_id = "okta|Acme|00u1"
  }
}
