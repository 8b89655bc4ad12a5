import {
  to = devin_user_acu_limit.jane
  id = "okta|Acme|00u1"
}
