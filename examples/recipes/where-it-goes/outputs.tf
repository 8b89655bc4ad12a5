output "who" {
  description = "ACUs by who used them. `rest` is people who left, and products that are tied to nobody."
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
  description = "ACUs by organization. `(none)` is what Devin ties to no organization."
  value = {
    for where, acus in merge(local.by_organization, { "(none)" = local.organizations.unattributed_acus }) :
    where => provider::devin::round(acus, 2)
  }
}

output "service_users" {
  description = "ACUs by service user, those that expired or were removed included."
  value = {
    for user in local.service_users.service_users :
    coalesce(user.name, user.service_user_id) => provider::devin::round(user.total_acus, 2) if user.total_acus != null
  }
}
