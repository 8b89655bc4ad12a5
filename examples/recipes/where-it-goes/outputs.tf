output "who" {
  description = "The ACUs of members, of service users and of the enterprise. `rest` is people who left, and products that Devin attributes to no user."
  value = {
    for who, acus in {
      enterprise    = local.enterprise
      members       = local.members.total_acus
      service_users = local.service_users.total_acus
      rest          = local.rest
    } : who => provider::devin::round(acus, 2)
  }
}

output "where" {
  description = "Names and ACUs by org_id. `(none)` is what Devin attributes to no organization. ACUs are null if Devin does not know the organization."
  value = merge(
    { for org in local.organizations.organizations : org.org_id => { name = org.name, acus = provider::devin::round(org.total_acus, 2) } },
    { "(none)" = { name = null, acus = provider::devin::round(local.organizations.unattributed_acus, 2) } },
  )
}

output "service_users" {
  description = "Names and ACUs by service_user_id, including service users that expired or were removed. ACUs are null if Devin does not know the service user."
  value = {
    for user in local.service_users.service_users :
    user.service_user_id => { name = user.name, acus = provider::devin::round(user.total_acus, 2) }
  }
}
