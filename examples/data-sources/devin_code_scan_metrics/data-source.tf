data "devin_code_scan_metrics" "october" {
  start_date = "2026-10-01"
  end_date   = "2026-10-31"
}

output "scans" {
  value = data.devin_code_scan_metrics.october.scans_count
}

output "open_criticals" {
  value = data.devin_code_scan_metrics.october.open_critical_findings_count
}
