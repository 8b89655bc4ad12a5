output "enterprise" {
  description = "ACUs, merged pull requests and the cost of each, for the whole enterprise."
  value       = local.cost.enterprise.enterprise
}

output "by_organization" {
  description = "The same by org_id, with the name of the organization."
  value = {
    for org in data.devin_organizations_daily_consumption.all.organizations :
    org.org_id => merge({ name = org.name }, local.cost.organization[org.org_id]) if org.total_acus != null
  }
}

output "by_category" {
  description = "The same by session category. It includes only the ACUs of sessions."
  value       = local.cost.category
}

output "by_user" {
  description = "The same by user_id."
  value       = local.cost.user
  sensitive   = true # names people: terraform output -json by_user
}
