import {
  to = devin_user_billing_organization.jane
  id = "okta|Acme|00u1"
}
