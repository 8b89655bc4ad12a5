data "devin_code_scan_findings" "open" {
  statuses   = ["open"]
  severities = ["critical", "high"]
}

output "open_findings" {
  value = [
    for finding in data.devin_code_scan_findings.open.findings :
    "${finding.severity}: ${coalesce(finding.title, finding.finding_id)} in ${coalesce(finding.repo_name, "an unknown repository")}"
  ]
}
