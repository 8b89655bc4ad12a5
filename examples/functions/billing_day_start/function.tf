# 2026-11-05T08:00:00Z
output "start" {
  value = provider::devin::billing_day_start("2026-11-05")
}

# The billing day ends 24 hours later, where the next one begins.
output "end" {
  value = timeadd(provider::devin::billing_day_start("2026-11-05"), "24h")
}
