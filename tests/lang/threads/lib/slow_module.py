import time

times = 0
times += 1
time.sleep(0.1)
finished = True
