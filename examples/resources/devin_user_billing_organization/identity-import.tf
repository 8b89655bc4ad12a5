import {
  to = devin_user_billing_organization.jane
  identity = {
    user_id = "okta|Acme|00u1"
  }
}
