data "devin_guardrail_violations" "october" {
  period = "2026-10"
}

# How often each guardrail was hit, by its name where it has one.
output "violations" {
  value = [
    for guardrail_id, count in data.devin_guardrail_violations.october.by_guardrail :
    "${coalesce([
      for violation in data.devin_guardrail_violations.october.violations :
      violation.guardrail_name if violation.guardrail_id == guardrail_id
    ][0], guardrail_id)}: ${count}"
  ]
}
