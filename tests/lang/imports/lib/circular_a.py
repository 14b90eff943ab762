print("a starts")
import circular_b

result = "a sees " + circular_b.result
