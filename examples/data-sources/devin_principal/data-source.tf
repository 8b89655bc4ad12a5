data "devin_principal" "this" {}

output "key_acts_as" {
  value = "${data.devin_principal.this.principal_type} ${data.devin_principal.this.principal_name}"
}

# Null for a key of the enterprise.
output "organization_of_the_key" {
  value = data.devin_principal.this.org_id
}
