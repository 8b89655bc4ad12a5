output "open_findings" {
  description = "Open findings by severity: all 0, or the plan fails."
  value       = data.devin_code_scan_findings.open.by_severity

  precondition {
    condition     = length(local.findings) == 0
    error_message = "Devin's code scans have ${length(local.findings)} open findings:\n${join("\n", local.lines)}"
  }
}
