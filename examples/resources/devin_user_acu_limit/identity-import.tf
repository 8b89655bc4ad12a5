import {
  to = devin_user_acu_limit.jane
  identity = {
    user_id = "okta|Acme|00u1"
  }
}
