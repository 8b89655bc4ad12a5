data "devin_code_scan_metrics" "october" {
  period = "2026-10"
}

output "scans" {
  value = data.devin_code_scan_metrics.october.scans_count
}

output "open_criticals" {
  value = data.devin_code_scan_metrics.october.open_critical_findings_count
}
