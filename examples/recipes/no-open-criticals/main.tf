# Fails a plan while code scans have critical findings that are open.
#
# There is no provider block, because the key comes from DEVIN_API_KEY. This folder
# therefore also works as a module in a larger configuration.

terraform {
  required_version = ">= 1.8"

  required_providers {
    devin = {
      source = "devin-community/devin"
    }
  }
}

data "devin_code_scan_findings" "open" {
  severities = var.severities
  statuses   = ["open"]
  repo_name  = var.repo_name
}

locals {
  findings = data.devin_code_scan_findings.open.findings

  # The first ten, one on each line.
  lines = [
    for finding in slice(local.findings, 0, min(10, length(local.findings))) :
    "${finding.severity}: ${coalesce(finding.title, finding.finding_id)}, in ${coalesce(finding.repo_name, "an unknown repository")}"
  ]
}

# If Devin does not scan the repository, or its name is misspelt, the gate never fails. The
# check below warns about that.
data "devin_code_scan_findings" "any" {
  repo_name = var.repo_name
  format    = "none"
}

check "repository" {
  assert {
    condition     = data.devin_code_scan_findings.any.findings_count > 0
    error_message = "Devin has never found anything in ${coalesce(var.repo_name, "any repository")}, open or not. Is the name right, and does Devin scan it?"
  }
}
