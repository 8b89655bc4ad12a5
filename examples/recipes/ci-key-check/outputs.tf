output "principal" {
  description = "Who the key belongs to."
  value       = devin_connection_check.this.principal_name
}
