print("b starts")
import circular_a

result = f"b sees a without result: {not hasattr(circular_a, 'result')}"
try:
    from circular_a import result as r
except ImportError as e:
    print(str(e).split(" (")[0])
