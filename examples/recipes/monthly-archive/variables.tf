variable "by_product" {
  description = "Whether each row has the ACUs of each product, too."
  type        = bool
  default     = true
}
