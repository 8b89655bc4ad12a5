output "not_in_file" {
  description = "The organizations that the file does not name, by org_id."
  value       = { for org in local.organizations : org.org_id => org.name if !contains(keys(local.limits), org.org_id) }
}
