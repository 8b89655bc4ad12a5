variable "org_id" {
  description = "The organization, org-..."
  type        = string
}

data "devin_organization_daily_consumption" "october" {
  org_id     = var.org_id
  start_date = "2026-10-01"
  end_date   = "2026-10-31"
}

output "acus" {
  value = data.devin_organization_daily_consumption.october.total_acus
}
