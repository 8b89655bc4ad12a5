data "devin_members" "all" {}

# One person, by email in any case.
data "devin_members" "jane" {
  email = "jane.smith@acme.example"
}

locals {
  # Who may administer the whole enterprise: a role without an organization.
  admins = [
    for member in data.devin_members.all.members : member.display_name
    if anytrue([
      for role in coalesce(member.role_assignments, []) : role.org_id == null && role.role_id == "account_admin"
    ])
  ]
}

output "members" {
  value = data.devin_members.all.members_count
}

output "enterprise_admins" {
  value = length(local.admins)
}

output "names_of_enterprise_admins" {
  value     = local.admins
  sensitive = true # it has people's names
}

output "groups_of_jane" {
  value = one(data.devin_members.jane.members[*].idp_group_names)
}
