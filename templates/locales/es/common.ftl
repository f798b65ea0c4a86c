## En todas las páginas
skip-to-content = Ir al contenido
languages-keep = Seguir en otro idioma sin perder lo escrito ni lo marcado:
languages = Idioma
signed-in-as = Sesión iniciada como
sign-out = Cerrar sesión
menu = Menú
nav-label = Secciones
nav-home = Inicio
nav-issue = Emitir un certificado
nav-renew = Renovar un certificado
nav-issuances = Historial
nav-certificates = Certificados
nav-admin-home = Inicio
nav-connections = Conexiones
nav-redirect-urls = URL de redirección
nav-attention = Solicitudes
nav-people = Personas
nav-audit = Auditoría
footer-help = Ayuda
footer-legal = Aviso legal
footer-privacy = Privacidad
footer-accessibility = Accesibilidad
footer-support = Contacto
footer-about = Servicio de certificados de { $partner }

play-mark = Certificados de prueba, sin validez
play-certificate = Certificado de prueba, sin ninguna validez. No lo ha emitido Camerfirma.

## Palabras de uso común
continue = Continuar
save = Guardar
cancel = Cancelar
change = Cambiar
back = Volver
copy = Copiar
copied = Copiado
yes = Sí
no = No
optional-label = { $label } (opcional)
pages = Páginas
first-page = Primera página
previous-page = Página anterior
next-page = Página siguiente
no-more = No hay nada más.

## Formularios con errores
error-title-prefix = Error:
error-word = Error:
error-summary-title = Hay un problema

## Fechas
date = { $day } de { $month } de { $year }
date-time = { $date }, { $time }
month-year = { $month } de { $year }
month-1 = enero
month-2 = febrero
month-3 = marzo
month-4 = abril
month-5 = mayo
month-6 = junio
month-7 = julio
month-8 = agosto
month-9 = septiembre
month-10 = octubre
month-11 = noviembre
month-12 = diciembre
month-short-1 = ene
month-short-2 = feb
month-short-3 = mar
month-short-4 = abr
month-short-5 = may
month-short-6 = jun
month-short-7 = jul
month-short-8 = ago
month-short-9 = sep
month-short-10 = oct
month-short-11 = nov
month-short-12 = dic

## Sesión
session-pause = Tómese su tiempo. Si no hace nada durante { $minutes } minutos, tendrá que iniciar sesión de nuevo.
session-end-title = ¿Sigue ahí?
session-end-soon = Por seguridad, su sesión se cerrará en menos de dos minutos.
session-end-last = Inició sesión hace horas, así que se cerrará en menos de dos minutos, haga lo que haga. Termine lo que está haciendo e inicie sesión de nuevo.
session-end-over = Su sesión ha terminado
session-end-out = Ha cerrado la sesión en otra pestaña.
session-end-old = Lo que ve aquí puede no estar actualizado.
session-end-kept = Lo que haya escrito en esta página se conserva: volverá a verlo cuando inicie sesión.
session-stay = Mantener la sesión
session-end-close = Entendido
session-sign-in = Iniciar sesión de nuevo

## Lo que dice Redtrust
redtrust-said = Redtrust ha respondido:
