variable "org_id" {
  type = string
}

data "devin_members" "jane" {
  email = "jane.smith@acme.example"
}

resource "devin_user_billing_organization" "jane" {
  user_id        = one(data.devin_members.jane.members).user_id
  billing_org_id = var.org_id
}
