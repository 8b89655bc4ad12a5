data "devin_queue" "this" {}

check "queue" {
  assert {
    condition     = data.devin_queue.this.status != "high"
    error_message = "${data.devin_queue.this.queue_size} Devin sessions are waiting."
  }
}

output "waiting_sessions" {
  value = data.devin_queue.this.queue_size
}

output "queue_status" {
  value = data.devin_queue.this.status
}
