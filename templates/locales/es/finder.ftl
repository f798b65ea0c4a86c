## El buscador de ajustes
finder-title = Averiguar qué firma espera este servidor
finder-lead = Pegue una URL de inicio de sesión que funcione: un ejemplo del soporte de Redtrust o de otro programa que use la misma clave. El portal averigua qué se firmó y cómo. No envía nada a nadie.
finder-url = URL de inicio de sesión que funciona
finder-url-hint = La dirección completa, con su hmac, aunque sea antigua. Empieza como { $address }
finder-key = Clave compartida
finder-key-hint = Solo si el ejemplo se hizo con una clave distinta de la guardada aquí. Péguela exactamente como la recibió.
finder-kept = Lo que escribió sigue aquí. La clave compartida no se guarda: si la escribió, escríbala otra vez.
finder-search = Buscar
finder-again = Buscar con otro ejemplo
finder-link = Averiguar los ajustes con un ejemplo
finder-link-hint = Si se rechaza el inicio de sesión: basta una URL de inicio de sesión que funcione para averiguar los ajustes.
finder-url-missing = Pegue una URL de inicio de sesión
finder-url-no-query = Esto no es una URL de inicio de sesión: no hay parámetros tras un signo de interrogación
finder-url-no-signature = La URL no tiene firma: falta el parámetro hmac o está vacío
finder-url-no-timestamp = La URL no tiene marca de tiempo: sin ella no se puede averiguar nada

## Lo encontrado
finder-found = { $count ->
    [one] Encontrado: así se firmó el ejemplo
   *[other] Encontrado: el ejemplo pudo firmarse de { $count } maneras, primero la más sencilla
}
finder-number = Posibilidad { $number }
finder-message = Lo que se firmó
finder-setting = Ajuste
finder-here = Esta conexión, ahora
finder-there = El ejemplo
finder-same = Esta conexión ya tiene estos ajustes. Si aun así se rechaza el inicio de sesión, la causa es otra: pruebe la conexión.
finder-differs = Las filas marcadas con «{ compare-differs }» son distintas: un servidor que funciona como el del ejemplo rechaza el inicio de sesión de esta conexión. Adopte los ajustes del ejemplo.
finder-adopt = Adoptar estos ajustes
finder-adopt-key = Adoptar estos ajustes y la clave
finder-adopted = La conexión tiene ahora los ajustes del ejemplo.
finder-cleaned = La clave tiene espacios, comillas o saltos de línea que no son parte de ella. Se guarda sin ellos.
finder-file = Esta conexión está definida en el archivo de configuración. Escriba allí:
finder-file-key = Deje la clave en su archivo sin espacios, comillas ni saltos de línea.
finder-other-key = El ejemplo se hizo con la clave guardada aquí, no con la que ha escrito.
finder-open = Lo que el ejemplo no aclara
finder-open-escaping = La URL de redirección del ejemplo no tiene ningún carácter que distinga estas codificaciones: { $names }. Para las URL de redirección de este portal no suele importar.
finder-open-domain = El ejemplo no tiene dominio. Si esta conexión lo tiene, queda por saber si el dominio se firma: consiga un ejemplo con dominio.
finder-odd = Lo que no es habitual

## Nada encontrado
finder-none = Nada reproduce la firma
finder-tried = Se han probado { $tried } firmas: { $orders } órdenes de los parámetros, cada uno escrito de { $forms } maneras (codificado o no, con y sin nombres), con { $separators } separadores, con { $fronts } comienzos (ninguno, la ruta, el servidor) y con { $keys } lecturas de la clave.
finder-explained = La firma es correcta si se deshace un error
finder-causes = Causas posibles
finder-cause-key = La clave es otra, o le falta una parte. Pídala de nuevo al administrador de Redtrust y compare su longitud, su principio y su final.
finder-cause-url = La URL se cambió después de firmarla: un programa de correo, una persona o un proxy. Cópiela del lugar donde se genera.
finder-cause-message = Se firma algo que no está en la URL, o de una forma que nadie usa. Pida al soporte de Redtrust el texto que se firma, byte a byte.

## Lo que no es habitual
finder-odd-http = La dirección empieza por http://. A Redtrust se le llama con https://.
finder-odd-no-host = La URL no tiene servidor, solo la ruta o los parámetros.
finder-odd-no-port = La dirección no indica el puerto. Redtrust suele escuchar en el 8082.
finder-odd-port = El puerto es { $port }. Redtrust suele escuchar en el 8082; los servidores antiguos, en el 8083.
finder-odd-path = La ruta es «{ $path }» en lugar de /authclient/auth/loginrequest.
finder-odd-order = Los parámetros no están en el orden documentado: Consumer, Domain, RedirectUrl, timestamp, partner, hmac.
finder-odd-names = Estos parámetros están documentados con otras mayúsculas o minúsculas: { $names }.
finder-odd-unknown = Estos parámetros no están documentados o aparecen dos veces: { $names }.
finder-odd-missing = Falta el parámetro { $name } o está vacío.
finder-odd-consumer = Consumer es «{ $value }» en lugar de RA_API.
finder-odd-partner = El partner «{ $value }» tiene minúsculas. Redtrust documenta mayúsculas y este portal siempre las envía: escríbalo en mayúsculas también en el otro programa.
finder-odd-relative = La URL de redirección «{ $value }» no es una dirección completa.
finder-odd-escaping = La URL de redirección no está codificada, o no lo está de ninguna de las tres maneras habituales.
finder-odd-twice = La URL de redirección está codificada dos veces. Codifíquela una sola vez.
finder-odd-milliseconds = La marca de tiempo está en milisegundos. Lo habitual son segundos.
finder-odd-timestamp = La marca de tiempo «{ $value }» no es un número de segundos ni de milisegundos desde 1970.
finder-odd-past = { $days ->
    [one] La URL es de hace un día: un servidor ya la rechazaría. Para esta búsqueda no importa.
   *[other] La URL es de hace { $days } días: un servidor ya la rechazaría. Para esta búsqueda no importa.
}
finder-odd-future = { $days ->
    [one] La marca de tiempo está un día en el futuro: un servidor la rechazaría.
   *[other] La marca de tiempo está { $days } días en el futuro: un servidor la rechazaría.
}
finder-odd-unreadable = La firma no es hexadecimal, ni Base64, ni Base64url, o le falta el final.
finder-odd-other-hash = La firma tiene { $bytes } bytes, como un HMAC con { $hash }. Redtrust documenta HMAC-SHA256, que tiene 32.
finder-odd-length = La firma tiene { $bytes } bytes. HMAC-SHA256 tiene 32: le falta una parte o es otra cosa.
finder-odd-mixed = La firma mezcla cifras hexadecimales en mayúsculas y en minúsculas.
finder-odd-padding = Base64 termina en signos = y Base64url no; en esta firma es al revés.
finder-odd-plus = La firma contiene un + que no está codificado como %2B. Un servidor puede leerlo como un espacio.
finder-odd-blank = La firma contiene un espacio donde Base64 tiene un +: no se codificó como %2B.

## Lo que no es habitual en la clave
finder-key-around = Hay espacios, comillas o saltos de línea alrededor de la clave.
finder-key-inside = Hay espacios o saltos de línea dentro de la clave.
finder-key-hex-odd = La clave parece hexadecimal, pero tiene { $digits } cifras, un número impar: le falta una parte.
finder-key-hex-foreign = { $count ->
    [one] La clave parece hexadecimal, pero uno de sus caracteres no es una cifra hexadecimal.
   *[other] La clave parece hexadecimal, pero { $count } de sus caracteres no son cifras hexadecimales.
}
finder-key-base64 = La clave parece Base64, pero ningún texto en Base64 tiene { $digits } caracteres: le falta una parte.
finder-key-bytes = Decodificada, la clave tiene { $bytes } bytes. Lo habitual son 16, 32 o 64: puede faltarle una parte.

## En qué difiere la clave guardada
finder-key-cut = { $missing ->
    [one] La clave que ha escrito firmó el ejemplo. La guardada aquí es la misma, pero le falta un carácter: se cortó.
   *[other] La clave que ha escrito firmó el ejemplo. La guardada aquí es la misma, pero le faltan { $missing } caracteres: se cortó.
}
finder-key-blanks = La clave guardada aquí solo difiere de la que firmó el ejemplo en espacios o saltos de línea.
finder-key-case = La clave que ha escrito firmó el ejemplo. La guardada aquí solo difiere de ella en mayúsculas y minúsculas.
finder-key-other = La clave que ha escrito firmó el ejemplo. La guardada aquí es otra.

## Errores que explican una firma
finder-mistake-partner = Lo firmado lleva el partner «{ $signed }»; la URL lo lleva con otras mayúsculas o minúsculas. Escríbalo en mayúsculas en los dos sitios.
finder-mistake-domain = Lo firmado lleva el dominio «{ $signed }»; la URL lo lleva con otras mayúsculas o minúsculas. Escríbalo igual en los dos sitios.
finder-mistake-seconds = La marca de tiempo se firmó en segundos y se envió en milisegundos. Use el mismo número en los dos sitios.
finder-mistake-milliseconds = La marca de tiempo se firmó en milisegundos y se envió en segundos. Use el mismo número en los dos sitios.
finder-mistake-timestamp = La firma es correcta, pero la marca de tiempo no está en segundos ni en milisegundos, así que ningún ajuste sirve. Redtrust documenta segundos desde 1970.
finder-mistake-slash = Lo firmado lleva la URL de redirección «{ $signed }»: una barra más o menos al final que la URL. Escríbala igual en los dos sitios.
finder-mistake-twice = La URL de redirección se firmó antes de codificarla una vez más. Codifíquela una sola vez.
finder-mistake-line-end = El programa que firmó lee la clave con un salto de línea al final. Quítelo allí.
finder-mistake-key-case = El programa que firmó tiene la clave con otras mayúsculas o minúsculas. Compare las dos.
finder-mistake-hash = Es un HMAC con { $hash }. Redtrust documenta HMAC-SHA256.
finder-mistake-cut = Es el principio de la firma correcta: falta el final. Envíela entera.
