"""Where does 27.7 % come from? Everything stated about one result, and the paper behind it."""

import bempeg_kg

kg = bempeg_kg.open()
result = kg.resolve("C008")
print(kg.show(result).to_text(100))

sources = kg.select(f"""
    SELECT ?source ?title {{
        <{result}> kg:derivedFrom ?source . ?source rdfs:label ?title
    }} ORDER BY ?source
""")
for row in sources:
    print(kg.names.shorten(row["source"]), row["title"], sep=": ")
