# A file that is not there.
def load(path):
    with open(path) as file:
        return file.read()


load("/nonexistent/file.txt")
