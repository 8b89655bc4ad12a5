variable "org_id" {
  type = string
}

resource "devin_organization_acu_limit" "payments" {
  org_id          = var.org_id
  cycle_acu_limit = 100000
}
