data "devin_members" "all" {}

# One person, by email in any case.
data "devin_members" "jane" {
  email = "jane.smith@acme.example"
}

output "member_count" {
  value = length(data.devin_members.all.members)
}

# Who may administer the whole enterprise: a role without an organization.
output "enterprise_admins" {
  value = [
    for member in data.devin_members.all.members : member.display_name
    if anytrue([
      for role in member.role_assignments : role.org_id == null && role.role_id == "account_admin"
    ])
  ]
}
