import {
  to = devin_user_billing_organization.this
  identity = {
    user_id = "okta|Acme|00u1"
  }
}
