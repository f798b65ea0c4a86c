## En todas las páginas
skip-to-content = Ir al contenido
languages = Idioma
signed-in-as = Sesión iniciada como
sign-out = Cerrar sesión
nav-label = Secciones
nav-home = Inicio
nav-issue = Emitir un certificado
nav-renew = Renovar un certificado
nav-issuances = Historial
nav-certificates = Certificados
nav-admin-home = Inicio
nav-connections = Conexiones
nav-redirect-urls = URL de redirección
nav-audit = Auditoría
footer-legal = Aviso legal
footer-privacy = Privacidad
footer-accessibility = Accesibilidad
footer-support = Ayuda
footer-about = Servicio de certificados de { $partner }

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
next-page = Página siguiente
previous-page = Página anterior

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
