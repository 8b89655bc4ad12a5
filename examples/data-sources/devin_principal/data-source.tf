data "devin_principal" "this" {}

# Null for a key of the enterprise.
output "organization_of_the_key" {
  value = data.devin_principal.this.org_id
}
