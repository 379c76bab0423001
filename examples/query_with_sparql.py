"""Put a SPARQL query of your own to the graph; the usual prefixes are declared."""

import bempeg_kg

kg = bempeg_kg.open()
table = kg.select("""
    SELECT ?trial ?label ?printed ?source {
        ?result a kg:Result ; rdfs:label ?label ; kg:trial ?trial ; kg:endpoint endpoint:orr ;
            kg:printed ?printed ; kg:source ?source .
    } ORDER BY ?trial ?label ?printed ?source
""")
print(table.to_text(100))
print(table.to_csv())
