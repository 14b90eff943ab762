# Carets count columns of wide and combining characters.
données = {"é": "ü"}
résultat = données["é"] + "中文" + données["absent 中"] + "fin"
